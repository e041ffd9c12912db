-- wrk -s wrk.lua URL -- FOLDER COUNT SEED: the folder holds requests, as they are sent, named by number
local requests = {}
function init(args)
  math.randomseed(tonumber(args[3]))
  for number = 0, tonumber(args[2]) - 1 do
    local file = io.open(args[1] .. "/" .. number, "rb")
    requests[#requests + 1] = file:read("*a")
    file:close()
  end
end
function request() return requests[math.random(#requests)] end
function done(summary, latency, _)
  local bad = summary.errors.connect + summary.errors.read + summary.errors.write
    + summary.errors.timeout + summary.errors.status
  io.write(string.format("HEARD %d %d %.4f %.3f %.3f\n", summary.requests, bad, summary.duration / 1e6,
    latency:percentile(50) / 1e3, latency:percentile(99) / 1e3))
end
