#!/bin/sh
# Backs up the database each night, or does one thing now:
#   backup.sh           wait for 02:30 each night and back up (the service)
#   backup.sh now       back up at once
#   backup.sh restore FILE   put FILE into the database named by PGDATABASE, which must be empty
#   backup.sh test      prove that the newest backup can be restored, in a database of its own
# The database is the only thing to back up: Trepart stores no other files, and the broker only
# carries wake-ups that the scheduler repeats.
set -eu

folder=${BACKUP_DIR:-/backups}
days=14
weeks=8
if [ -n "${PGPASSWORD_FILE:-}" ]; then
    PGPASSWORD=$(cat "$PGPASSWORD_FILE")
    export PGPASSWORD
fi

back_up() {
    mkdir -p "$folder/daily" "$folder/weekly"
    file="$folder/daily/trepart-$(date -u +%Y-%m-%dT%H%M%S).dump"
    pg_dump --format custom --no-owner --file "$file.part"
    mv "$file.part" "$file"
    if [ "$(date -u +%u)" = 7 ]; then
        ln "$file" "$folder/weekly/"
    fi
    keep_newest "$days" "$folder/daily"
    keep_newest "$weeks" "$folder/weekly"
    echo "Backed up to $file"
}

# The names sort by time.
keep_newest() {
    find "$2" -name '*.dump' | sort -r | tail -n "+$(($1 + 1))" | xargs -r rm --
}

restore() {
    pg_restore --exit-on-error --single-transaction --no-owner --dbname "$PGDATABASE" "$1"
    hold_mail
    echo "Restored $1 into $PGDATABASE"
}

# What was waiting when the backup was made may have left since: a person lets it go.
hold_mail() {
    psql --quiet --dbname "$PGDATABASE" --set ON_ERROR_STOP=1 <<'SQL'
DO $$
BEGIN
    IF to_regclass('notifications_outboxmessage') IS NOT NULL THEN
        UPDATE notifications_outboxmessage
        SET status = 'held', reason = 'restored from a backup', token = NULL, lease_until = NULL
        WHERE status IN ('due', 'claimed');
    END IF;
END
$$;
SQL
}

test_newest() {
    newest=$(find "$folder/daily" -name '*.dump' | sort | tail -n 1)
    source=$PGDATABASE
    PGDATABASE=restore_test
    dropdb --if-exists --maintenance-db "$source" "$PGDATABASE"
    createdb --maintenance-db "$source" "$PGDATABASE"
    restore "$newest"
    psql --dbname "$PGDATABASE" --no-align --tuples-only \
        --command "SELECT count(*) || ' migrations stand in the restored database' FROM django_migrations"
    dropdb --maintenance-db "$source" "$PGDATABASE"
}

wait_until_night() {
    now=$(date -u +%s)
    tonight=$(date -u -d "today 02:30" +%s)
    if [ "$tonight" -le "$now" ]; then
        tonight=$((tonight + 86400))
    fi
    sleep $((tonight - now))
}

case "${1:-each-night}" in
    now) back_up ;;
    restore) restore "$2" ;;
    test) test_newest ;;
    each-night)
        while true; do
            wait_until_night
            back_up
        done
        ;;
    *)
        echo "Unknown: $1 (now, restore FILE, test, or nothing)" >&2
        exit 2
        ;;
esac
