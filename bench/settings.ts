/** The major version of the Node that the image runs. */
export const IMAGE_NODE = '24';
/** How many connections send at once. */
export const CONNECTIONS = 50;
