// The types of the OGC API are those of its definition: `script/types` makes both anew.

import { readFileSync } from "node:fs";
import openapi, { astToString, COMMENT_HEADER } from "openapi-typescript";
import { expect, it } from "vitest";

it("has the types that the definition gives", async () => {
  const definition = readFileSync("openapi.json", "utf-8");
  const made = COMMENT_HEADER + astToString(await openapi(definition));
  expect(readFileSync("src/openapi.d.ts", "utf-8")).toBe(made);
}, 60_000);
