/** Where the fields of a structure lie: worked out once, from the description, and never changed. */

/**
 * One field: the handle by which it is read and written. Where it lies is an offset behind the start of its segment; a new
 * segment begins behind each field of variable length.
 */
export class Field {
  /** The structure that the handle is good for. */
  readonly owner: Layout;
  /** Its number among the fields of variable length; -1 for fixed length. */
  readonly variable: number;
  /** Elements; 1 for what is no array, 0 where `variable` says which. */
  readonly count: number;
  readonly segment: number;
  /** Bytes from the start of its segment. */
  readonly offset: number;
  /** Bytes from one element to the next. */
  readonly stride: number;
  /** A number of `field-kinds.ts`. */
  readonly kind: number;
  readonly littleEndian: boolean;
  /** Bit fields: ones in their width, and how far from the right; a mask of 0 says it is none. */
  readonly mask: number;
  readonly shift: number;
  /** Whether it says how many elements another has; set while the structure is made. */
  isCount: boolean;
  /** Bytes that are always the same; undefined, and `kind` FILLER: `padding`, over and over. */
  readonly constant: Uint8Array | undefined;
  /** Least and greatest value that a number or a bit field takes. */
  readonly minimum: number;
  readonly maximum: number;
  /** Bytes of one element. */
  readonly width: number;
  /** Never so for bytes and text by themselves, though these may vary in length. */
  readonly isArray: boolean;
  /** What says how many elements there are, where that varies. */
  readonly countField: Field | undefined;
  /** Of a nested structure. */
  readonly nested: Layout | undefined;
  /** The byte that padding is made of. */
  readonly padding: number;
  /** Whether a constant is compared with what comes in. */
  readonly isChecked: boolean;
  /** Its path in that structure: `position.x`. */
  readonly name: string;

  constructor(facts: FieldFacts) {
    this.owner = facts.owner;
    this.name = facts.name;
    this.kind = facts.kind;
    this.littleEndian = facts.littleEndian ?? false;
    this.segment = facts.segment;
    this.offset = facts.offset;
    this.width = facts.width;
    this.stride = facts.stride ?? facts.width;
    this.isArray = facts.isArray ?? false;
    this.count = facts.count ?? 1;
    this.variable = facts.variable ?? -1;
    this.countField = facts.countField;
    this.isCount = facts.isCount ?? false;
    this.minimum = facts.minimum ?? 0;
    this.maximum = facts.maximum ?? 0;
    this.shift = facts.shift ?? 0;
    this.mask = facts.mask ?? 0;
    this.constant = facts.constant;
    this.padding = facts.padding ?? 0;
    this.isChecked = facts.isChecked ?? false;
    this.nested = facts.nested;
  }
}

/** What a field is made of; what is left out is as for a plain number. */
export interface FieldFacts {
  owner: Layout;
  name: string;
  kind: number;
  littleEndian?: boolean;
  segment: number;
  offset: number;
  width: number;
  stride?: number;
  isArray?: boolean;
  count?: number;
  variable?: number;
  countField?: Field | undefined;
  isCount?: boolean;
  minimum?: number;
  maximum?: number;
  shift?: number;
  mask?: number;
  constant?: Uint8Array | undefined;
  padding?: number;
  isChecked?: boolean;
  nested?: Layout | undefined;
}

/** All fields of a structure. */
export interface Layout {
  /** For messages. */
  readonly name: string;
  /** In the order of the description; bit fields in place of what they are cut out of. */
  readonly members: readonly Field[];
  /** By path, those of nested structures included. */
  readonly fields: ReadonlyMap<string, Field>;
  /** Of variable length, those of nested structures included, in order. */
  readonly variables: readonly Field[];
  /** Constants, and arrays of structures that have some, in order. */
  readonly fillers: readonly Field[];
  /** Bytes when every variable length is 0: all the bytes there are when none is. */
  readonly minimumSize: number;
  /** Bytes behind the start of the last segment. */
  readonly tail: number;
}
