# AWS's times as seconds since 1970: they are numbers from one version of the AWS CLI and ISO 8601, in UTC, from another.
def seconds:
  if type == "number" then .
  else capture("^(?<date>[0-9-]+T[0-9:]+)(?<part>[.][0-9]+)?(Z|[+]00:00)$")
    | (.date + "Z" | fromdateiso8601) + ("0" + (.part // ".0") | tonumber)
  end;
