/** In the bundle instead of jiti: migrations are plain SQL, and nothing else is loaded. */
export function createJiti() {}
