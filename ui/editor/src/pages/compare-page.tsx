/** `/editor/w/:id/compare?a=&b=`: what differs between two versions, or the draft and a version. */
export function ComparePage() {
  return null;
}
