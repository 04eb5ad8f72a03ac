/** Style sheets of libraries, which the apps' builds take in. */
declare module '*.css';
