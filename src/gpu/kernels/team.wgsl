// TEAM neighbouring threads of a workgroup of 64 share a row. All threads of a workgroup have to call these together; every member
// gets the same value, added up in the order of the members.

var<workgroup> ofThread: array<Lane, 64>;

fn sumOfTeam(local: u32, own: Lane) -> Lane {
  workgroupBarrier();
  ofThread[local] = own;
  workgroupBarrier();
  let first = local / TEAM * TEAM;
  var sum = ofThread[first];
  for (var i = 1u; i < TEAM; i++) { sum += ofThread[first + i]; }
  return sum;
}

fn largestOfTeam(local: u32, own: Lane) -> Lane {
  workgroupBarrier();
  ofThread[local] = own;
  workgroupBarrier();
  let first = local / TEAM * TEAM;
  var most = ofThread[first];
  for (var i = 1u; i < TEAM; i++) { most = max(most, ofThread[first + i]); }
  return most;
}
