# Ends the server and removes its folders ($1: its data, $2: its programs) once the test has ended. However the test
# ends, its end of the pipe closes with it: nobody has to catch a signal for that. The test waits for this script, so
# no loop here is without an end.
cat > /dev/null
data=$1
server=$(head -n 1 "$data/cluster/postmaster.pid" 2> /dev/null)
# After a crash the number may be that of another process by now. The server's own command names its folder.
is_there() { { tr '\0' ' ' < "/proc/$server/cmdline" || ps -o args= -p "$server"; } 2> /dev/null | grep -qF "$data"; }
for _ in $(seq 600); do
    is_there || break
    kill -QUIT "$server" 2> /dev/null
    sleep 0.1
done
is_there && kill -KILL "$server"
# A cluster that is just being made may still get files.
for _ in $(seq 600); do
    rm -rf "$@" 2> /dev/null && break
    sleep 0.1
done
