/** Stands in for jiti in the bundle: migrations are plain SQL, and nothing else is loaded. */
export function createJiti() {}
