/** What never belongs into an answer in error: addresses, names, SQL and stacks. */
export const TELLTALE = /127\.0\.0\.1|localhost|postgres|password|SELECT |node_modules|\bat .+:\d+:\d+/i;
