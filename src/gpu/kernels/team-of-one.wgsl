// What a kernel calls where one thread has a row to itself; see team.wgsl.

fn sumOfTeam(local: u32, own: Lane) -> Lane { return own; }
fn largestOfTeam(local: u32, own: Lane) -> Lane { return own; }
