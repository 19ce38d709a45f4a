// Making elements without markup in strings: no HTML is ever parsed, so nothing in the data can become code.

type Child = Node | string | null | undefined | false;

export interface Properties {
  class?: string;
  /** Attributes, as `setAttribute` takes them; false and null leave one out, true sets it empty. */
  [attribute: string]: string | number | boolean | null | undefined | ((event: never) => void);
}

/** An element with its attributes, listeners (`onclick`, …) and children. */
export function el<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  properties: Properties = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (typeof value === "function") {
      element.addEventListener(name.slice(2), value as (event: Event) => void);
    } else {
      setAttribute(element, name, value);
    }
  }
  element.append(...children.filter(isShown));
  return element;
}

/** An SVG element with its attributes and children. */
export function svg(
  tag: keyof SVGElementTagNameMap,
  attributes: Record<string, string | number> = {},
  ...children: SVGElement[]
): SVGElement {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) {
    element.setAttribute(name, String(value));
  }
  element.append(...children);
  return element;
}

function setAttribute(element: Element, name: string, value: string | number | boolean | null | undefined): void {
  if (value !== false && value !== null && value !== undefined) {
    element.setAttribute(name, value === true ? "" : String(value));
  }
}

function isShown(child: Child): child is Node | string {
  return child !== null && child !== undefined && child !== false;
}
