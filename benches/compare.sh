#!/bin/sh
# guitai beside fzf and the sqlite3 command line, each as whole processes, on the files that `cargo bench --bench branch -- N` made.
# From the repository: `cargo build --release && benches/compare.sh 1000000 [find] [queue] [import]`. Needs fzf, sqlite3, python3.
set -eu
n=${1:-200000}
shift || true
parts=${*:-find queue import}
here=$(cd "$(dirname "$0")/.." && pwd)
dir=$here/target/branch-$n
guitai=$here/target/release/guitai
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
export HOME="$home"
fzf --version; sqlite3 --version | cut -c1-30; "$guitai" --version

# Runs a command, says its wall time and its CPU time (the one to compare on a busy machine) and the most memory it held.
cat > "$home/time.py" <<'PY'
import os, resource, statistics, subprocess, sys, time
times = int(sys.argv[1]); name = sys.argv[2]; command = sys.argv[3]; before = sys.argv[4] if len(sys.argv) > 4 else ''
def once(command):
    pid = os.fork()
    if pid == 0:
        null = os.open(os.devnull, os.O_WRONLY); os.dup2(null, 1)
        os.execvp('/bin/sh', ['/bin/sh', '-c', 'exec ' + command])
    _, status, use = os.wait4(pid, 0)
    return use.ru_maxrss // 1024, status, (use.ru_utime + use.ru_stime) * 1e3
took = []; busy = []; most = 0
for _ in range(times):
    if before: subprocess.run(before, shell=True, check=True)
    began = time.perf_counter(); memory, status, cpu = once(command); took.append((time.perf_counter() - began) * 1e3); busy.append(cpu)
    most = max(most, memory)
    if status not in (0, 256): print('   failed:', status)
print(f'{name:36} {statistics.median(took):10.1f} ms (least {min(took):.1f}, of {times}), CPU {statistics.median(busy):.1f} ms, {most} MB at most')
PY
took() { python3 "$home/time.py" "$@"; }
cold='sync; echo 3 > /proc/sys/vm/drop_caches'
[ -w /proc/sys/vm/drop_caches ] || cold=true

for part in $parts; do
    echo "== $part, $n customers"
    case $part in
    find)
        fts=$dir/fts.db
        [ -e "$fts" ] || sqlite3 "$fts" "CREATE VIRTUAL TABLE line USING fts5(text, tokenize='trigram');" \
            ".mode tabs" ".import '$dir/lines.txt' line"
        phone=$(sed -n 777p "$dir/customers.csv" | grep -o '1[0-9]\{10\},' | tail -1 | tr -d ,)
        name=$(sed -n 777p "$dir/customers.csv" | cut -d, -f2)
        for query in "$name" zhangwei "$phone" "玉溪镇"; do
            took 3 "guitai find $query" "$guitai --db $dir/branch.db --staff wangmin --today 2026-11-21 find $query"
            took 3 "fzf --filter $query" "fzf --filter '$query' < $dir/lines.txt"
            took 5 "sqlite3 FTS5 $query" "sqlite3 $fts \"SELECT text FROM line WHERE line MATCH '\\\"$query\\\"' LIMIT 20\""
        done
        ;;
    queue)
        # What one would write first: joins over everything, no key of the day, no counter. One statement after the other, one process.
        cat > "$home/queue.sql" <<'SQL'
SELECT c.id, c.name, c.tier, c.aum, max(k.day) FROM customer c LEFT JOIN contact k ON k.customer = c.id
WHERE c.owner = (SELECT min(id) FROM staff) AND
      (substr(c.birth, 5, 4) = '1121' AND c.keeps = 0 OR c.lunar = 1013 AND c.keeps = 1)
GROUP BY c.id ORDER BY c.tier DESC, c.aum DESC LIMIT 500;
SELECT c.id, c.name, c.tier, max(k.day) AS last FROM customer c LEFT JOIN contact k ON k.customer = c.id
WHERE c.owner = (SELECT min(id) FROM staff)
GROUP BY c.id HAVING last IS NULL OR last < 20261121 - 100 ORDER BY last, c.tier DESC LIMIT 500;
SELECT t.id, t.text, c.name FROM task t LEFT JOIN customer c ON c.id = t.customer
WHERE +t.owner = (SELECT min(id) FROM staff) AND t.due <= 20261121;
SELECT c.id, c.name FROM customer c WHERE c.owner = (SELECT min(id) FROM staff) AND (c.phone = '' OR c.address = '') LIMIT 500;
SQL
        cat > "$home/board.sql" <<'SQL'
SELECT CASE WHEN f.average >= 1000000000 THEN 5 WHEN f.average >= 60000000 THEN 4 WHEN f.average >= 30000000 THEN 3
            WHEN f.average >= 5000000 THEN 2 WHEN f.average IS NULL THEN -1 ELSE 1 END AS tier, count(*), sum(f.average)
FROM customer c LEFT JOIN figures f ON f.customer = c.id
     AND f.as_of = (SELECT max(as_of) FROM figures g WHERE g.customer = c.id)
GROUP BY 1;
SELECT sum(average) FROM (SELECT average FROM figures ORDER BY average DESC LIMIT (SELECT count(*) / 5 FROM figures));
SQL
        # The pages of the file read anew: by both the process starts afresh, cold the system too has forgotten them.
        for what in queue board; do
            took 3 "naive $what, cold" "sqlite3 $dir/branch.db < $home/$what.sql" "$cold"
            took 3 "naive $what, warm" "sqlite3 $dir/branch.db < $home/$what.sql"
        done
        g="$guitai --db $dir/branch.db --staff wangmin --today 2026-11-21"
        took 5 "guitai today, cold" "$g today" "$cold"
        took 5 "guitai today, warm" "$g today"
        took 5 "guitai board, cold" "$g board" "$cold"
        took 5 "guitai board, warm" "$g board"
        ;;
    import)
        init="rm -f $home/new.db*; $guitai init $home/new.db --branch 道真支行 --staff wangmin:王敏:account_manager > $home/init.log"
        took 1 "guitai import" "$guitai --db $home/new.db --staff wangmin import $dir/customers.csv $dir/assets.csv" "$init"
        took 1 "sqlite3 .import" "sqlite3 $home/raw.db '.mode csv' '.import $dir/customers.csv customers' '.import $dir/assets.csv assets'"
        rm -f "$home/raw.db"
        # The same with what must be there to use it: rows that are found by their number.
        took 1 "sqlite3 .import, keyed" "sqlite3 $home/raw.db 'CREATE TABLE customers(a PRIMARY KEY,b,c,d,e,f,g,h)' 'CREATE TABLE assets(a,b,c,d,e,f,g,h,i,j,PRIMARY KEY(a,b))' '.mode csv' '.import --skip 1 $dir/customers.csv customers' '.import --skip 1 $dir/assets.csv assets'"
        ;;
    esac
done
echo "binary: $(stat -c %s "$guitai" 2> /dev/null || stat -f %z "$guitai") bytes"
