/** A plugin for OpenC3 COSMOS 7: a target with commands, telemetry, limits, screens, and the interface that connects to the board. */
import type { BoardDictionary } from "../../../modules/dictionary/conventions.js";
import { wireHash } from "../../../modules/dictionary/dictionary-hash.js";
import type { GeneratedFile, Generator } from "../generator.js";
import { type Interface, interfaceOf, PACKET_CRC } from "./interface.js";
import { COMMAND_HEADER, commandsText, telemetryHeader, telemetryOf } from "./packets.js";
import { PYTHON_FILES } from "./python.js";
import { readme } from "./readme.js";
import { screensOf } from "./screens.js";
import { quoted, targetName } from "./text.js";

/** Where the board's own access point has it; COSMOS asks when the plugin is installed. */
const HOST = "192.168.4.1";
const VERSION = "1.0.0";

export const COSMOS_GENERATOR: Generator = {
  name: "cosmos",
  help: "a plugin for OpenC3 COSMOS: commands, telemetry, limits, screens, and the interface",
  generate(board) {
    const target = targetName(board.name);
    const plugin = `openc3-cosmos-${target.toLowerCase().replaceAll("_", "-")}`;
    const link = interfaceOf(board);
    const telemetry = telemetryOf(board, target);
    const screens = screensOf(board, target, telemetry);
    const folder = `targets/${target}`;
    return [
      ...Object.entries({
        "README.md": readme(board, { target, plugin, version: VERSION, screens: screens.map(({ name }) => name) }),
        "plugin.txt": pluginText(target, link),
        [`${plugin}.gemspec`]: gemspec(board, plugin),
        Rakefile: RAKEFILE,
        [`${folder}/target.txt`]: targetText(board),
        [`${folder}/cmd_tlm/cmd.txt`]: commandsText(board, target),
        [`${folder}/cmd_tlm/tlm.txt`]: telemetry.text,
      }),
      ...Object.entries(PYTHON_FILES).map(([name, text]) => [`${folder}/lib/${name}`, text] as const),
      ...screens.map(({ name, text }) => [`${folder}/screens/${name}.txt`, text] as const),
    ].map(([path, text]): GeneratedFile => ({ path, text }));
  },
};

function pluginText(target: string, { writePort, readPort, protocol, layers }: Interface): string {
  const variable = target.toLowerCase();
  const isOne = writePort === readPort;
  const [write, read] = isOne ? ["port", "port"] : ["tc_port", "tm_port"];
  const value = (name: string): string => `<%= ${variable}_${name} %>`;
  const ports = isOne
    ? [`VARIABLE ${variable}_port ${writePort}`]
    : [`VARIABLE ${variable}_tc_port ${writePort}`, `VARIABLE ${variable}_tm_port ${readPort}`];
  const client = "openc3/interfaces/tcpip_client_interface.py";
  return `${[
    `VARIABLE ${variable}_host ${HOST}`,
    ...ports,
    "",
    `TARGET ${target} ${target}`,
    `INTERFACE ${target}_INT ${client} ${value("host")} ${value(write!)} ${value(read!)} 10.0 nil ${protocol}`,
    `  MAP_TARGET ${target}`,
    ...[...layers, PACKET_CRC, "PROTOCOL WRITE flatlink_protocol.py"].map((line) => `  ${line}`),
  ].join("\n")}\n`;
}

/** What operators have no use for stays out of their lists. */
function targetText(board: BoardDictionary): string {
  return `${[
    "LANGUAGE python",
    ...COMMAND_HEADER.map((name) => `IGNORE_PARAMETER ${name}`),
    ...telemetryHeader(board).map((name) => `IGNORE_ITEM ${name}`),
    "IGNORE_ITEM CRC",
  ].join("\n")}\n`;
}

function gemspec(board: BoardDictionary, plugin: string): string {
  const hash = wireHash(board).toString(16).padStart(8, "0");
  return `Gem::Specification.new do |s|
  s.name = '${plugin}'
  s.summary = ${rubyText(`Commands and telemetry of ${board.name}, for OpenC3 COSMOS`)}
  s.description = ${rubyText(board.description ?? `Made from the dictionary with the hash ${hash}.`)}
  s.authors = ['flatlink']
  s.homepage = 'https://openc3.com'
  s.license = 'Nonstandard'
  s.platform = Gem::Platform::RUBY
  s.required_ruby_version = '>= 3.0'
  s.version = ENV['VERSION'] || '${VERSION}'
  s.metadata = { 'flatlink_wire_hash' => '${hash}' }
  s.files = Dir.glob('targets/**/*').select { |path| File.file?(path) } + %w(Rakefile README.md plugin.txt)
end
`;
}

const RAKEFILE = `require 'rake'

desc 'Builds the plugin as a gem'
task :build do
  sh 'gem build'
end

task default: :build
`;

function rubyText(text: string): string {
  return `'${quoted(text).slice(1, -1).replaceAll("'", "\\'")}'`;
}
