#!/bin/sh
# Starts Yamcs 5.13.2: ./start.sh [host [port]] of the board. Needs Java 17, and Maven the first time.
# YAMCS_ADDRESS and YAMCS_PORT: where its web pages are. YAMCS_LIB: a folder with its jar files, for several boards.
# YAMCS_DATA: a folder for its archive. JAVA_OPTS: more options of Java's.
set -e
cd "$(dirname "$0")"
FLATLINK_HOST="${1:-${FLATLINK_HOST:-127.0.0.1}}"
export FLATLINK_HOST
if [ -n "$2" ]; then
  FLATLINK_PORT="$2"
  export FLATLINK_PORT
fi
lib="${YAMCS_LIB:-lib}"
if [ -z "$(ls "$lib" 2>/dev/null)" ]; then
  echo "Maven gets Yamcs, 50 MB, once"
  mvn --batch-mode --quiet dependency:copy-dependencies -DincludeScope=runtime -DoutputDirectory="$PWD/lib.part"
  # mv would go into a folder that is there.
  rmdir "$lib" 2>/dev/null || true
  mv lib.part "$lib"
fi
data="${YAMCS_DATA:-data}"
mkdir -p "$data"
if [ -z "$YAMCS_SECRET_KEY" ]; then
  [ -f "$data/secret-key" ] || (umask 077 && od -An -N32 -tx1 /dev/urandom | tr -d ' \n' > "$data/secret-key")
  YAMCS_SECRET_KEY="$(cat "$data/secret-key")"
fi
export YAMCS_SECRET_KEY
exec java -Xmx512m -XX:+UseSerialGC $JAVA_OPTS -cp "$lib/*" org.yamcs.YamcsServer \
  --no-color --etc-dir etc --data-dir "$data" --cache-dir "$data/cache"
