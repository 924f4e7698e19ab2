// The sandbox container of every pod.
module diptych.dev/cluster/pause

go 1.24
