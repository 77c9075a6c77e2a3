/** The files of a Yamcs server that do not come from the dictionary's entries: services, streams, the link, how it is started. */
import type { Conventions } from "../../../modules/dictionary/conventions.js";

export const YAMCS_VERSION = "5.13.2";
const DEFAULT_PORT = 8090;

/** Text inside YAML, whatever is in it. */
function quoted(text: string): string {
  return JSON.stringify(text).replace(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** `etc/yamcs.yaml`: the server. */
export function serverFile(instance: string, title: string): string {
  return `services:
  - class: org.yamcs.http.HttpServer
    args:
      address: "\${env.YAMCS_ADDRESS:127.0.0.1}"
      port: \${env.YAMCS_PORT:${DEFAULT_PORT}}
# Signs what must not be forged; start.sh makes one.
secretKey: "\${env.YAMCS_SECRET_KEY}"
instances: [${quoted(instance)}]
buckets:
  - name: displays
    path: displays
yamcs-web:
  displayBucket: displays
  tag: ${quoted(title)}
`;
}

/** How Yamcs gets the time of a packet: from its stamp, or from its own clock. */
export type PacketTime = { readonly epoch: "UNIX" | "TAI" } | "local";

export interface Instance {
  readonly name: string;
  /** Path of the parameter with the event ID; undefined where the board has no events. */
  readonly eventId: string | undefined;
  /** Path of the container that every packet begins with. */
  readonly rootContainer: string;
  readonly port: number;
  readonly maxPacketLength: number;
  readonly time: PacketTime;
}

/** `etc/yamcs.<instance>.yaml`. */
export function instanceFile({ name, eventId, rootContainer, port, maxPacketLength, time }: Instance): string {
  const stamped =
    time === "local" ? "useLocalGenerationTime: true" : `timeEncoding: { type: CUC, epoch: ${time.epoch} }`;
  const events =
    eventId === undefined
      ? ""
      : `  - class: org.yamcs.pus.PusEventDecoder
    args:
      eventIdParameter: ${eventId}
      eventTemplateFile: etc/events.${name}.json
`;
  return `services:
  - class: org.yamcs.archive.XtceTmRecorder
  - class: org.yamcs.archive.ParameterRecorder
  - class: org.yamcs.archive.AlarmRecorder
  - class: org.yamcs.archive.EventRecorder
  - class: org.yamcs.archive.ReplayServer
  - class: org.yamcs.archive.CommandHistoryRecorder
  - class: org.yamcs.parameter.SystemParametersService
  - class: org.yamcs.parameterarchive.ParameterArchive
    args:
      realtimeFiller: { enabled: true }
  - class: org.yamcs.ProcessorCreatorService
    args: { name: realtime, type: realtime }
${events}dataLinks:
  - name: ${quoted(name)}
    class: org.yamcs.tctm.TcpTcTmDataLink
    tmStream: tm_realtime
    tcStream: tc_realtime
    host: "\${env.FLATLINK_HOST:127.0.0.1}"
    port: \${env.FLATLINK_PORT:${port}}
    # Milliseconds: what reads the first packets must have started.
    initialDelay: 2000
    packetInputStreamClassName: org.yamcs.tctm.CcsdsPacketInputStream
    packetInputStreamArgs: { maxPacketLength: ${maxPacketLength} }
    packetPreprocessorClassName: org.yamcs.pus.PusPacketPreprocessor
    packetPreprocessorArgs:
      errorDetection: { type: CRC-16-CCIIT }
      ${stamped}
    commandPostprocessorClassName: org.yamcs.pus.PusCommandPostprocessor
    commandPostprocessorArgs:
      errorDetection: { type: CRC-16-CCIIT }
mdb:
  - { type: xtce, spec: mdb/${name}.xml }
streamConfig:
  tm: [{ name: tm_realtime, processor: realtime, rootContainer: ${rootContainer} }]
  tc: [{ name: tc_realtime, processor: realtime }]
  cmdHist: [cmdhist_realtime]
  event: [events_realtime]
  param: [pp_realtime, sys_param, proc_param]
  parameterAlarm: [alarms_realtime]
  eventAlarm: [event_alarms_realtime]
  invalidTm: invalid_tm_stream
`;
}

/** `etc/processor.yaml`. */
export const PROCESSOR_FILE = `realtime:
  services:
    - class: org.yamcs.StreamTmPacketProvider
    - class: org.yamcs.StreamTcCommandReleaser
    - class: org.yamcs.tctm.StreamParameterProvider
    # The verifiers of telecommands are algorithms.
    - class: org.yamcs.algorithms.AlgorithmManager
    - class: org.yamcs.parameter.LocalParameterManager
  config:
    generateEvents: true
    subscribeAll: true
    # The longest packet and the longest array that a board may have.
    maxTcSize: 65542
    tmProcessor: { maxArraySize: 65535 }
    alarm:
      parameterCheck: true
      parameterServer: enabled
      eventServer: enabled
# For replays, and for what is taken out of the archive.
Archive:
  services:
    - class: org.yamcs.tctm.ReplayService
    - class: org.yamcs.algorithms.AlgorithmManager
ParameterArchive:
  services:
    - class: org.yamcs.tctm.ReplayService
    - class: org.yamcs.algorithms.AlgorithmManager
ArchiveRetrieval:
  services:
    - class: org.yamcs.tctm.ReplayService
    - class: org.yamcs.algorithms.AlgorithmManager
`;

/** `pom.xml`: what Maven gets; nothing is built. */
export const MAVEN_FILE = `<?xml version="1.0" encoding="UTF-8"?>
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>flatlink.ground</groupId>
  <artifactId>yamcs</artifactId>
  <version>1</version>
  <packaging>pom</packaging>
  <dependencies>
    <dependency>
      <groupId>org.yamcs</groupId>
      <artifactId>yamcs-core</artifactId>
      <version>${YAMCS_VERSION}</version>
    </dependency>
    <dependency>
      <groupId>org.yamcs</groupId>
      <artifactId>yamcs-web</artifactId>
      <version>${YAMCS_VERSION}</version>
    </dependency>
  </dependencies>
  <build>
    <pluginManagement>
      <plugins>
        <plugin>
          <groupId>org.apache.maven.plugins</groupId>
          <artifactId>maven-dependency-plugin</artifactId>
          <version>3.8.1</version>
        </plugin>
      </plugins>
    </pluginManagement>
  </build>
</project>
`;

/** `start.sh`. */
export const START_FILE = `#!/bin/sh
# Starts Yamcs ${YAMCS_VERSION}: ./start.sh [host [port]] of the board. Needs Java 17, and Maven the first time.
# YAMCS_ADDRESS and YAMCS_PORT: where its web pages are. YAMCS_LIB: a folder with its jar files, for several boards.
# YAMCS_DATA: a folder for its archive. JAVA_OPTS: more options of Java's.
set -e
cd "$(dirname "$0")"
FLATLINK_HOST="\${1:-\${FLATLINK_HOST:-127.0.0.1}}"
export FLATLINK_HOST
if [ -n "$2" ]; then
  FLATLINK_PORT="$2"
  export FLATLINK_PORT
fi
lib="\${YAMCS_LIB:-lib}"
if [ -z "$(ls "$lib" 2>/dev/null)" ]; then
  echo "Maven gets Yamcs, 50 MB, once"
  mvn --batch-mode --quiet dependency:copy-dependencies -DincludeScope=runtime -DoutputDirectory="$PWD/lib.part"
  # mv would go into a folder that is there.
  rmdir "$lib" 2>/dev/null || true
  mv lib.part "$lib"
fi
data="\${YAMCS_DATA:-data}"
mkdir -p "$data"
if [ -z "$YAMCS_SECRET_KEY" ]; then
  [ -f "$data/secret-key" ] || (umask 077 && od -An -N32 -tx1 /dev/urandom | tr -d ' \\n' > "$data/secret-key")
  YAMCS_SECRET_KEY="$(cat "$data/secret-key")"
fi
export YAMCS_SECRET_KEY
exec java -Xmx512m -XX:+UseSerialGC $JAVA_OPTS -cp "$lib/*" org.yamcs.YamcsServer \\
  --no-color --etc-dir etc --data-dir "$data" --cache-dir "$data/cache"
`;

/** `README.md`. */
export function readmeFile(
  title: string,
  name: string,
  parameter: string,
  { apid, timeCode }: Conventions,
  port: number,
  hash: string,
  simulate: string,
): string {
  return `# Yamcs for ${title}

Three commands from nothing to the first value. They need Java 17 and Maven; nothing is compiled, and there is no container.

1. Start the board with the settings that this folder was generated for: \`time_code=${timeCode}\`, \`apid=${apid}\`. For the simulator,
   in the folder where this one was generated: \`${simulate}\`.
2. \`./start.sh 127.0.0.1 ${port}\`, with the board's host and port. The first time, Maven gets Yamcs ${YAMCS_VERSION}.
3. \`curl http://localhost:${DEFAULT_PORT}/api/processors/${name}/realtime/parameters/${name}/${parameter}\`

Yamcs's pages are at <http://localhost:${DEFAULT_PORT}>: telemetry, commands with their arguments, events, alarms, the archive. Each
structure is a display. The command \`areYouAlive\` is a ping.

| file | what it is |
| --- | --- |
| \`mdb/${name}.xml\` | all that the board says and takes, in XTCE 1.2 |
| \`etc/yamcs.yaml\` | the server |
| \`etc/yamcs.${name}.yaml\` | the instance: services, the link to the board, streams |
| \`etc/processor.yaml\` | what is done with telemetry and commands |
| \`etc/events.${name}.json\` | texts of events |
| \`displays/${name}/\` | a table of parameters for each structure |
| \`pom.xml\`, \`start.sh\` | how Maven gets Yamcs, and how it is started |

- Parameters have the board's names. An element of an array is \`name_0\`, a bit field \`name_field\`, a value of an event \`event_value\`.
- Commands are one for each function, \`set...\` for each parameter that can be set, and the standard's requests. Arguments are in the
  unit. Yamcs counts the items of a list itself. Structures that the ground makes have the names \`created1\` and so on.
- Octets that the dictionary does not describe are a parameter, unless they stand behind a list: XTCE cannot say where they begin. The
  packet's description tells, and the archive has the whole packet.
- **The dictionary's hash** is 0x${hash}. A board that runs on another dictionary has another one: then \`dictionaryHash\` raises a
  critical alarm, and this folder must be generated anew.
`;
}
