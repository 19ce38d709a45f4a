// What is right on a small screen and would be poor on a large one.

/** Matches where the panel lies over the lower half of the map; that is what the style sheet of phones goes by, too. */
export const PHONE = matchMedia("(max-width: 760px)");
