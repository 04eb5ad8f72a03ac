/** For tests of other packages: vendors on loopback, with a memory of what they were asked. */
export type { VendorFake } from './fakes/vendor-fake.ts';
export { startWebuiFake, type WebuiFake } from './fakes/webui-fake.ts';
export { type FarmVendor, startVendorFarm, type VendorFarm } from './vendor-farm.ts';
export { startFakeOpenai } from './fake-openai-server.ts';
export type { FakeReply, FakeVendor } from './fake-reply.ts';
