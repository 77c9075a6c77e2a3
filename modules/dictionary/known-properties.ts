/** Makes a compile error of a property that there is not. TypeScript lets it pass where it keeps literal types. */
import type { Dictionary } from "./dictionary.js";

declare const noSuchProperty: unique symbol;

/** Stands in the place of such a property: no value is of this type, and the compiler's message has its name. */
export interface NoSuchProperty<Name> {
  readonly [noSuchProperty]: Name;
}

type KeyOf<Shape> = Shape extends unknown ? keyof Shape : never;
type ValueOf<Shape, Key> = Shape extends unknown ? (Key extends keyof Shape ? Shape[Key] : never) : never;

type Known<Given, Shape> = Given extends readonly unknown[]
  ? Given
  : Given extends object
    ? {
        readonly [Key in keyof Given]: Key extends KeyOf<NonNullable<Shape>>
          ? Known<Given[Key], ValueOf<NonNullable<Shape>, Key>>
          : NoSuchProperty<Key>;
      }
    : Given;

/** What is given, if it has only properties of a dictionary, however deep. Of what is no dictionary, the usual messages are clearer. */
export type KnownDictionary<Given> = Dictionary extends Given ? Dictionary : Given & Known<Given, Dictionary>;
