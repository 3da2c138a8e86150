/**
 * The names of the CloudWatch alarms in a Terraform file, without the environment's prefix. A name is either written out, or
 * `each.key` of a map in `locals`.
 * @throws when an alarm's name is given in another way: it could not be held to having a runbook.
 */
export function alarmsIn(terraform: string): string[] {
  const resources = terraform.matchAll(/^resource "aws_cloudwatch_metric_alarm" "(\w+)" \{\n([^]*?)^\}/gm);
  return [...resources].flatMap(([, label, body = '']) => {
    const name = /^ *alarm_name *= *"\$\{local\.prefix\}-(.+)"$/m.exec(body)?.[1] ?? '';
    if (/^[a-z0-9-]+$/.test(name)) return [name];
    const map = /^ *for_each *= *local\.(\w+)$/m.exec(body)?.[1];
    const keys = name === '${each.key}' && map ? keysOf(terraform, map) : [];
    if (keys.length === 0) throw new Error(`the name of the alarm "${label}" cannot be read: ${name}`);
    return keys;
  });
}

/** The keys of a map of objects in `locals`, as `terraform fmt` lays it out. */
function keysOf(terraform: string, map: string): string[] {
  const entries = new RegExp(`^  ${map} = \\{\\n([^]*?)^  \\}`, 'm').exec(terraform)?.[1] ?? '';
  return [...entries.matchAll(/^ {4}"?([a-z0-9-]+)"? = \{$/gm)].map((entry) => entry[1] ?? '');
}
