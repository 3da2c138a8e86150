/** The Node that the image runs. */
export const IMAGE_NODE = '24';
/** How many connections send at once where their number is not what is measured. */
export const CONNECTIONS = 50;
/** And where it is. */
export const GROWTH = [1, 10, 100, 1000];
