/** A board's settings as options of a command line: text, which the application's own parser checks. */
import { Option } from "commander";
import { SETTINGS } from "../modules/flatsat/settings.js";

/** Settings whose option is called otherwise, or defaults otherwise, than on a board. */
const HOST_NAME = "address";
const HOST_DEFAULT = "127.0.0.1";

/** An option for each setting, in their order. */
export function settingOptions(): Option[] {
  return SETTINGS.map(({ name, value, help }) => {
    switch (name) {
      case "listen":
        return new Option(
          "--listen <port>",
          `a port, as FRAMING:PORT[,key=value...]; once per port; 0 picks one (default: ${value})`,
        ).argParser((text: string, others: string[] | undefined) => [...(others ?? []), text]);
      case HOST_NAME:
        return new Option("--host <address>", "address to bind").default(HOST_DEFAULT);
      default:
        return new Option(`${optionName(name)} <value>`, help).default(value);
    }
  });
}

/** @returns for `parseConfiguration` */
export function settingsIn(options: Readonly<Record<string, unknown>>): Record<string, string> {
  const settings: Record<string, string> = {};
  for (const { name } of SETTINGS) {
    const value = options[optionKey(name)];
    if (value !== undefined) {
      settings[name] = Array.isArray(value) ? value.join(" ") : String(value);
    }
  }
  return settings;
}

/**
 * @returns the message, with options in place of the settings that it names: at its beginning, and where an underscore says
 *   that it is no other word; what is quoted stays
 */
export function nameOptions(message: string): string {
  return message.replace(/"[^"]*"|'[^']*'|\b[a-z]+(_[a-z]+)*\b/g, (word, more: string | undefined, at: number) =>
    (at === 0 || more !== undefined) && SETTINGS.some(({ name }) => name === word) ? optionName(word) : word,
  );
}

function optionName(setting: string): string {
  return setting === HOST_NAME ? "--host" : `--${setting.replaceAll("_", "-")}`;
}

/** Where commander puts the value of a setting's option. */
function optionKey(setting: string): string {
  return setting === HOST_NAME ? "host" : setting.replace(/_(.)/g, (_match, letter: string) => letter.toUpperCase());
}
