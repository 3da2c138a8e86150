# shellcheck shell=bash
# Sourced by the scripts that show plans, on the page of a run or in a comment: as Terraform prints them, every character
# kept, what is destroyed or replaced on top in words, and a cut marked.

# plan_text: what `terraform plan -no-color` printed, without the lines that say what it is reading. Those of a plan itself
# are indented or begin with a word.
plan_text() {
  sed -E '/^[a-z][A-Za-z0-9_.-]*(\[.*\][A-Za-z0-9_.-]*)?: (Refreshing state\.\.\.|Reading\.\.\.|Read complete after|Still reading\.\.\.)/d'
}

# plan_facts ENVIRONMENT LAYER COMMAND: reads `terraform show -json`, prints {environment, layer, command, destroyed,
# replaced, forgotten}: addresses only, for the rest of it holds secrets.
plan_facts() {
  jq --arg environment "$1" --arg layer "$2" --arg command "$3" '
    [.resource_changes[]? | {address: (.address + (if .deposed then " (deposed \(.deposed))" else "" end)), actions: .change.actions}]
    | {$environment, $layer, $command,
       destroyed: [.[] | select(.actions == ["delete"]).address],
       replaced: [.[] | select(.actions | index(["delete"]) and index(["create"])).address],
       forgotten: [.[] | select(.actions | index(["forget"])).address]}'
}

# fenced: what it reads as a code block of Markdown, whatever it holds: with a fence longer than any in it.
fenced() {
  local text fence='```'
  text=$(cat && printf x)
  while [[ $text == *"$fence"* ]]; do fence+='`'; done
  text=${text%x}
  printf '%s\n%s\n%s\n' "$fence" "${text%$'\n'}" "$fence"
}

# cut_to FILE LIMIT: the first whole lines of FILE that fit into LIMIT bytes, as a code block, and behind it whether it was cut.
cut_to() {
  local file=$1 limit=$2 shown
  if [ "$(wc -c <"$file")" -le "$limit" ]; then
    fenced <"$file"
  else
    shown=$(head -c "$limit" "$file" | sed '$d')
    fenced <<<"$shown"
    printf '\n**Cut here: %s of %s lines are shown. The log of the job that planned has all of them.**\n' \
      "$(wc -l <<<"$shown")" "$(wc -l <"$file")"
  fi
}

# plan_page FILE LIMIT: FILE.txt and FILE.json as Markdown of not much more than LIMIT bytes.
plan_page() {
  local file=$1 limit=$2 counts
  counts=$(grep --max-count 1 --extended-regexp '^(Plan:|No changes\.)' "$file.txt" || printf 'Only outputs change.')
  jq --raw-output --arg counts "$counts" '"### \(.environment) / \(.layer): \(.command | sub("-"; " to "))\n\n**\($counts)**"' "$file.json"
  jq --raw-output '
    (.replaced[] | "replaced: destroyed and made anew   \(.)"),
    (.destroyed[] | "destroyed                          \(.)"),
    (.forgotten[] | "left alone, managed no longer      \(.)")' "$file.json" >"$file.lost"
  if [ -s "$file.lost" ]; then
    printf '\n> [!CAUTION]\n> This plan destroys or replaces something, and with it what it holds:\n\n'
    cut_to "$file.lost" $((limit / 3))
  fi
  rm "$file.lost"
  printf '\n<details><summary>The plan</summary>\n\n'
  cut_to "$file.txt" $((limit / 2))
  printf '\n</details>\n'
}
