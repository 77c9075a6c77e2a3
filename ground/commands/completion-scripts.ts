/**
 * Scripts that complete `flatlink` in a shell. All that can be completed stands in the script, as functions that bash and zsh both read:
 * no program is started while somebody types.
 */
import type { CompletionData } from "./completion-data.js";
import type { Shell } from "./syntax.js";

/** @returns the script, for `source` */
export function completionScript(shell: Shell, data: CompletionData): string {
  return [HEAD[shell], dataFunctions(data), WORDS, shell === "bash" ? BASH : ZSH].join("\n");
}

const HEAD: Readonly<Record<Shell, string>> = {
  bash: "# Completes flatlink in bash: source <(flatlink completion bash)",
  zsh: "#compdef flatlink\n# Completes flatlink in zsh: source <(flatlink completion zsh)",
};

/** Names of a dictionary are letters, digits and _; choices of options have no spaces: nothing need be quoted. */
function dataFunctions({ subcommands, commands }: CompletionData): string {
  return [
    caseFunction("_flatlink_subcommands", [["*", subcommands.map(({ name }) => name)]]),
    caseFunction(
      "_flatlink_options",
      subcommands.map(({ name, options }) => [name, options.map((option) => option.name)]),
    ),
    // Of an option that takes none, there is no value.
    caseFunction(
      "_flatlink_values",
      subcommands.flatMap(({ name, options }) =>
        options.flatMap((option) =>
          option.values === undefined ? [] : [[`${name}${option.name}`, option.values] as const],
        ),
      ),
    ),
    caseFunction(
      "_flatlink_positionals",
      subcommands.map(({ name, words }) => [name, words]),
    ),
    caseFunction(
      "_flatlink_arguments",
      commands.map((command) => [command.name, command.arguments.map(({ name }) => `${name}=`)]),
    ),
    caseFunction(
      "_flatlink_words",
      commands.flatMap((command) =>
        command.arguments.flatMap(({ name, words }) =>
          words.length === 0 ? [] : [[`${command.name}=${name}`, words] as const],
        ),
      ),
    ),
  ].join("\n");
}

function caseFunction(name: string, cases: readonly (readonly [key: string, words: readonly string[]])[]): string {
  const lines = cases
    .filter(([, words]) => words.length > 0)
    .map(([key, words]) => `    ${key === "*" ? key : `"${key}"`}) echo "${words.join(" ")}" ;;`);
  return [`${name}() {`, '  case "$1" in', ...lines, "  esac", "}"].join("\n");
}

/**
 * Sets `found` to what the last of the words may be, and `before` to that part of it which is there already. A word that begins with @
 * stands for files, or for anything.
 */
const WORDS = `# _flatlink_find WORD...: the words of the line behind "flatlink"; the last one is completed.
_flatlink_find() {
  local subcommand="$1" last="" previous="" skip="" word="" name=""
  local count=$# at=0
  before="" found=""
  if [ "$count" -le 1 ]; then
    found="$(_flatlink_subcommands)"
    return
  fi
  local command=""
  local positional=0
  for word in "$@"; do
    at=$((at + 1))
    last="$word"
    if [ "$at" -eq 1 ]; then continue; fi
    if [ "$at" -eq "$count" ]; then break; fi
    previous="$word"
    if [ -n "$skip" ]; then skip=""; continue; fi
    case "$word" in
      --*=*) ;;
      -*) if [ -n "$(_flatlink_values "$subcommand$word")" ]; then skip=yes; fi ;;
      *) positional=$((positional + 1)); if [ -z "$command" ]; then command="$word"; fi ;;
    esac
  done
  if [ -n "$skip" ]; then found="$(_flatlink_values "$subcommand$previous")"; return; fi
  case "$last" in
    --*=*) before="\${last%%=*}="; found="$(_flatlink_values "$subcommand\${last%%=*}")"; return ;;
    -*) found="$(_flatlink_options "$subcommand")"; return ;;
  esac
  if [ "$subcommand" = send ] && [ "$positional" -gt 0 ]; then
    case "$last" in
      *=*)
        name="\${last%%=*}"
        before="$name="
        # Of a list, the last item.
        case "$last" in *,*) before="\${last%,*}," ;; esac
        found="$(_flatlink_words "$command=$name")"
        ;;
      *) found="$(_flatlink_arguments "$command")" ;;
    esac
    return
  fi
  if [ "$positional" -eq 0 ] || [ "$subcommand" = watch ]; then
    found="$(_flatlink_positionals "$subcommand")"
  fi
}
`;

const BASH = `_flatlink() {
  local line="\${COMP_LINE:0:$COMP_POINT}" found before
  local -a words
  read -ra words <<< "$line"
  case "$line" in *[[:space:]]) words+=("") ;; esac
  local last=\${#words[@]}
  local current="\${words[last - 1]}"
  COMPREPLY=()
  _flatlink_find "\${words[@]:1}"
  case "$found" in
    @anything) return ;;
    @files) mapfile -t COMPREPLY < <(compgen -f -- "\${current#"$before"}"); compopt -o filenames 2> /dev/null; return ;;
  esac
  COMPREPLY=($(compgen -W "$found" -P "$before" -- "\${current#"$before"}"))
  # What readline replaces begins behind the last =, where that ends words.
  case "$COMP_WORDBREAKS" in
    *=*) case "$current" in *=*) COMPREPLY=("\${COMPREPLY[@]#*=}") ;; esac ;;
  esac
  case "\${COMPREPLY[0]}" in *=) compopt -o nospace 2> /dev/null ;; esac
}
complete -F _flatlink flatlink
`;

const ZSH = `_flatlink() {
  local found before
  local -a replies
  _flatlink_find "\${(@)words[2,CURRENT]}"
  case "$found" in
    @anything) return ;;
    @files) _files; return ;;
  esac
  replies=(\${=found})
  compset -P "\${before}"
  if [[ "$found" == *= ]]; then
    compadd -S '' -- "\${replies[@]}"
  else
    compadd -- "\${replies[@]}"
  fi
}
if [ "\${funcstack[1]-}" = _flatlink ]; then
  _flatlink "$@"
elif (( $+functions[compdef] )); then
  compdef _flatlink flatlink
fi
`;
