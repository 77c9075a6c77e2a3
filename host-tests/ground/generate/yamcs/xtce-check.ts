/** Whether an XTCE file hangs together: every name legal and there once, every reference to something that is there. */
import { all, parseXml, type XmlElement } from "./xml-tree.js";

/** As the schema has it. */
const NAME = /^[^./:[\] \t\n\r]+$/;

/** Names by set and space system. */
const SETS = ["ParameterTypeSet", "ParameterSet", "ContainerSet", "ArgumentTypeSet", "MetaCommandSet"] as const;

/** @returns what is wrong, each in one line */
export function complaintsAbout(xml: string): string[] {
  const complaints: string[] = [];
  const known = new Set<string>();
  // Yamcs takes names that differ in their case only for the same.
  const cases = new Set<string>();
  const systems = systemsIn(parseXml(xml), "");
  for (const [path, system] of systems) {
    for (const set of SETS) {
      for (const { attributes } of all(system, set).flatMap(({ children }) => children)) {
        const name = attributes["name"] ?? "";
        const key = `${set} ${path}/${name}`;
        const folded = key.toLowerCase();
        if (!NAME.test(name) || cases.has(folded)) {
          complaints.push(`${key} is ${cases.has(folded) ? "there twice" : "not legal"}`);
        }
        known.add(key);
        cases.add(folded);
      }
    }
  }
  for (const [path, system] of systems) {
    const refer: Refer = (set, to, from) => {
      const absolute = to?.startsWith("/") === true ? to : `${path}/${to}`;
      if (!absolute.startsWith("/yamcs/") && !known.has(`${set} ${absolute}`)) {
        complaints.push(`${path}: ${from}: no ${to} in ${set}`);
      }
    };
    checkTelemetry(system, refer);
    checkCommands(system, path, refer, complaints);
  }
  return complaints;
}

/** Each without those inside it, by its path. */
function systemsIn(system: XmlElement, around: string): [path: string, system: XmlElement][] {
  const path = `${around}/${system.attributes["name"]}`;
  const inside = system.children.filter(({ name }) => name === "SpaceSystem");
  const own = { ...system, children: system.children.filter(({ name }) => name !== "SpaceSystem") };
  return [[path, own], ...inside.flatMap((each) => systemsIn(each, path))];
}

type Refer = (set: (typeof SETS)[number], to: string | undefined, from: string) => void;

function checkTelemetry(system: XmlElement, refer: Refer): void {
  for (const { name, attributes } of all(system, "Parameter")) {
    refer("ParameterTypeSet", attributes["parameterTypeRef"], `${name} ${attributes["name"]}`);
  }
  for (const { attributes } of all(system, "ArrayParameterType")) {
    refer("ParameterTypeSet", attributes["arrayTypeRef"], `array ${attributes["name"]}`);
  }
  for (const element of ["ParameterRefEntry", "Comparison", "ParameterInstanceRef", "InputParameterInstanceRef"]) {
    for (const { attributes } of all(system, element)) {
      refer("ParameterSet", attributes["parameterRef"], element);
    }
  }
  for (const container of all(system, "SequenceContainer")) {
    for (const { attributes } of [...all(container, "ContainerRefEntry"), ...all(container, "BaseContainer")]) {
      refer("ContainerSet", attributes["containerRef"], `container ${container.attributes["name"]}`);
    }
  }
}

function checkCommands(system: XmlElement, path: string, refer: Refer, complaints: string[]): void {
  for (const { attributes } of all(system, "ArrayArgumentType")) {
    refer("ArgumentTypeSet", attributes["arrayTypeRef"], `array ${attributes["name"]}`);
  }
  for (const { attributes } of all(system, "Member")) {
    refer("ArgumentTypeSet", attributes["typeRef"], `member ${attributes["name"]}`);
  }
  for (const command of all(system, "MetaCommand")) {
    const label = `${path}: command ${command.attributes["name"]}`;
    const names = all(command, "Argument").map(({ attributes }) => attributes["name"] ?? "");
    for (const { attributes } of all(command, "Argument")) {
      refer("ArgumentTypeSet", attributes["argumentTypeRef"], label);
    }
    for (const { attributes } of all(command, "BaseMetaCommand")) {
      refer("MetaCommandSet", attributes["metaCommandRef"], label);
    }
    const entries = all(command, "ArgumentRefEntry").map(({ attributes }) => attributes["argumentRef"] ?? "");
    if (new Set(names).size !== names.length || names.some((name) => !NAME.test(name))) {
      complaints.push(`${label}: its arguments are ${names.join(", ")}`);
    }
    if (names.join() !== entries.join()) {
      complaints.push(`${label}: its arguments are ${names.join(", ")}, its entries ${entries.join(", ")}`);
    }
  }
}
