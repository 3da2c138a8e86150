#!/usr/bin/env bash
# Opens, updates or closes the one issue about ENVIRONMENTS. A layer of MATRIX without a record in FOLDER has failed.
#   in: MATRIX FOLDER ENVIRONMENTS RUN (address of the run), GH_TOKEN and GH_REPO for gh
set -euo pipefail
# shellcheck source=../shared.sh
. "$(dirname "${BASH_SOURCE[0]}")/../shared.sh"

check_folder ENVIRONMENTS
title="The infrastructure differs from the code: $ENVIRONMENTS"
records='[]'
if compgen -G "$FOLDER/*.record.json" >/dev/null; then
  records=$(jq --slurp . "$FOLDER"/*.record.json)
fi
bad=$(jq --null-input --argjson matrix "$MATRIX" --argjson records "$records" '
  ($records | map({key: "\(.environment)/\(.layer)", value: .result}) | from_entries) as $result
  | [$matrix[] | {environment, layer, result: ($result["\(.environment)/\(.layer)"] // "failed")} | select(.result != "same")]')
count=$(jq length <<<"$bad")
body=$(jq --raw-output --arg run "$RUN" '
  {changed: "differs from its code", failed: "could not be planned"} as $words
  | (["| environment | layer | |", "| --- | --- | --- |"]
    + map("| \(.environment) | \(.layer) | \($words[.result]) |")
    + ["", "Seen by [this run](\($run)); its pages show the plans. This issue is kept up to date, and closed by the first run that finds nothing."])
  | join("\n")' <<<"$bad")

issue=$(gh issue list --label drift --state open --limit 100 --json number,title --jq "[.[] | select(.title == \"$title\").number][0] // empty")
if [ "$count" -gt 0 ]; then
  if [ -n "$issue" ]; then
    gh issue edit "$issue" --body-file - <<<"$body"
  else
    gh label create drift --force --description 'The infrastructure differs from the code'
    gh issue create --title "$title" --label drift --body-file - <<<"$body"
  fi
elif [ -n "$issue" ]; then
  gh issue close "$issue" --comment "Nothing differs any more, says [this run]($RUN)."
fi
output drifted "$count"
summary <<<"$body"
[ "$count" -eq 0 ] || fail "$count of $(jq --null-input --argjson matrix "$MATRIX" '$matrix | length') layers differ from their code or could not be planned."
