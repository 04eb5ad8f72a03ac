// The database's own start runs this once, on an empty volume: one user for the programs that write, and one who only
// reads, for the preview server (security.md R18).
const wfm = db.getSiblingDB('wfm');
wfm.createUser({ user: 'wfm', pwd: process.env.MONGO_PASSWORD, roles: [{ role: 'readWrite', db: 'wfm' }] });
wfm.createUser({ user: 'wfm_preview', pwd: process.env.MONGO_PREVIEW_PASSWORD, roles: [{ role: 'read', db: 'wfm' }] });
