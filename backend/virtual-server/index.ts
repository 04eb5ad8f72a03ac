export { composeVirtualServer, type VirtualServer } from './compose.ts';
export { type Config, ConfigError, readConfig } from './config.ts';
