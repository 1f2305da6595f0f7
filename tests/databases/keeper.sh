# Ends the server and removes its folders ($1: its data, $2: its programs) once the test has ended. However the test ends,
# its end of the pipe closes with it: nobody has to catch a signal for that.
cat > /dev/null
server=$(head -n 1 "$1/cluster/postmaster.pid" 2> /dev/null)
while [ -n "$server" ] && kill -QUIT "$server" 2> /dev/null; do sleep 0.1; done
# A cluster that is just being made may still get files.
until rm -rf "$@" 2> /dev/null; do sleep 0.1; done
