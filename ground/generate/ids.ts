/** Identifiers that most tools and languages read, Kaitai Struct among them: lower case, digits and `_`, a letter first. */

const MAX_LENGTH = 60;

/** Words of languages that Kaitai Struct compiles to, and names that their objects have anyway. */
const RESERVED: readonly string[] = [
  "abstract alias and as assert async await auto base become begin bool boolean box break byte case cast catch char checked class clone",
  "close compl concept const constexpr constructor continue crate debugger decimal declare def default defer del delegate delete do double",
  "dyn echo elif else elseif end ensure enum equals eval event except exception exec explicit export extends extern fallthrough false final",
  "finalize finally fixed float fn for foreach from func function get get_class global go goto has_own_property hash_code if impl implements",
  "implicit import in include inline inout instanceof int integer interface internal io is is_prototype_of iter lambda let list local lock",
  "long loop macro map match method mod module move mut mutable namespace native new next nil none nonlocal not notify null object of",
  "operator or out override package params parent parse pass print priv private proc property protected prototype pub public raise range",
  "read readonly redo ref register repeat require rescue result retry return root sbyte sealed select self set short signed sizeof stackalloc",
  "static str strictfp string struct super switch synchronized template then this throw throws to_i to_locale_string to_s to_string trait",
  "transient true try type typedef typename typeof uint ulong unchecked undef union unless unsafe unsigned unsized until use using ushort",
  "value_of var virtual void volatile wait when where while with xor yield write seq size length first last min max reverse pos eof",
]
  .join(" ")
  .split(" ");

/** Words of a name in any alphabet and case, joined by `_`. May be empty. */
function plain(name: string): string {
  return name
    .normalize("NFKD")
    .replace(/\p{Mark}/gu, "")
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .replace(/([A-Z])([A-Z][a-z])/g, "$1_$2")
    .replace(/[^A-Za-z0-9]+/g, "_")
    .toLowerCase()
    .replace(/^[^a-z]+|_+$/g, "")
    .slice(0, MAX_LENGTH)
    .replace(/_+$/, "");
}

/** Identifiers of one scope, each given once. */
export class Ids {
  readonly #taken = new Set<string>();

  /**
   * @param name of the dictionary, or any text
   * @param otherwise a valid identifier for a name that leaves nothing
   * @param end behind the name, however long that is
   */
  take(name: string, otherwise: string, end = ""): string {
    const wanted = (plain(name) || otherwise) + end;
    const usable = RESERVED.includes(wanted) ? `${wanted}_value` : wanted;
    let id = usable;
    for (let k = 2; this.#taken.has(key(id)); k++) {
      id = `${usable}_no${k}`;
    }
    this.#taken.add(key(id));
    return id;
  }
}

/** Some languages write the words as one: `a_1` and `a1` are the same there. */
function key(id: string): string {
  return id.replaceAll("_", "");
}
