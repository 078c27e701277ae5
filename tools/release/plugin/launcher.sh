#!/bin/sh
# Starts the plugin with the Node.js binary in the folder of this file. Follows symbolic links, because krew creates a
# link to this file. Older macOS versions do not support `readlink -f`.
set -eu
# `sh kubectl-ftpsrv` sets $0 without a folder.
case $0 in
  */*) file=$0 ;;
  *) file=./$0 ;;
esac
while [ -h "$file" ]; do
  target=$(readlink "$file")
  case $target in
    /*) file=$target ;;
    *) file=${file%/*}/$target ;;
  esac
done
folder=${file%/*}
exec "$folder/node" "$folder/kubectl-ftpsrv.mjs" "$@"
