#!/bin/sh
# Starts the plugin with the Node.js beside it. krew links to this file, so symbolic links are followed first;
# `readlink -f` is missing on older macOS.
set -eu
# `sh kubectl-ftpsrv` gives a name without a folder.
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
