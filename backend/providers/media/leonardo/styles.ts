/**
 * Leonardo's preset styles and their ids, the same for v1 (`styleUUID`) and v2 (`style_ids`); the ones that its guides
 * to Lucid, Phoenix and Nano Banana name (docs.leonardo.ai, read 2026-11).
 */
export const leonardoStyles: Readonly<Record<string, string>> = {
  none: '556c1ee5-ec38-42e8-955a-1e82dad0ffa1',
  dynamic: '111dc692-d470-4eec-b791-3475abac4c46',
  cinematic: 'a5632c7c-ddbb-4e2f-ba34-8456ab3ac436',
  cinematic_closeup: 'cc53f935-884c-40a0-b7eb-1f5c42821fb5',
  bokeh: '9fdc5e8c-4d13-49b4-9ce6-5a74cbb19177',
  fashion: '594c4a08-a522-4e0e-b7ff-e4dac4b6b622',
  film: '85da2dcc-c373-464c-9a7a-5624359be859',
  hdr: '97c20e5c-1af6-4d42-b227-54d03d8f0727',
  moody: '621e1c9a-6319-4bee-a12d-ae40659162fa',
  neutral: '0d914779-c822-430a-b976-30075033f1c4',
  portrait: '8e2bc543-6ee2-45f9-bcd9-594b6ce84dcd',
  stock_photo: '5bdc3f2a-1be6-4d1c-8e77-992a30824a2c',
  vibrant: 'dee282d3-891f-4f73-ba02-7f8131e5541b',
};

export const styleNames: readonly string[] = Object.keys(leonardoStyles);
