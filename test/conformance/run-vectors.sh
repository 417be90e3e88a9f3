# run-vectors TREE TOOLS: runs every script of TOOLS/scripts in its folder of TREE, and says how each ended: its id, its
# exit status and the last line it wrote to stderr, between tabs. Then it inspects TREE.
tree=$1
tools=$2
PATH=$tools:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
export PATH LC_ALL=C TZ=UTC SOURCE_DATE_EPOCH=1700000000 HOME=/nonexistent
umask 022
newline='
'
for script in "$tools"/scripts/*; do
  id=${script##*/}
  cd "$tree/$id" || exit 1
  error=$(timeout 20 sh -e "$script" 2>&1 >/dev/null </dev/null)
  printf '%s\t%s\t%s\n' "$id" $? "${error##*"$newline"}"
done
cd / && echo inspected && inspect "$tree"
