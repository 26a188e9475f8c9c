"""Opens the results of tests/situations/linear with xarray, as any reader would, and looks at what it says."""
import sys
import xarray

data = xarray.open_dataset(sys.argv[1])
assert dict(data.sizes) == {"profile": 6, "future": 700}, data.sizes
assert list(data.profile.values[:3]) == ["calm", "wait / pull", "pushed"], data.profile.values
assert list(data.course_pusher.values) == ["wait", "wait", "push", "push", "late", "late"]
assert data.end.dims == ("profile", "future") and data.end.attrs["units"] == "Things"
assert data.end.attrs["long_name"] == "Size at the end"
assert "half_part" in data and "payoff_pusher" in data and "draw_growth" in data and "failed" in data
assert data.attrs["seed"] == 3 and data.attrs["design"] == "random"
assert data.attrs["situation"].startswith("# A situation") and "size= INTEG" in data.attrs["model"]

# size = start + growth x 8, and 12 more where the pusher pushes
expected = data.draw_start + data.draw_growth * 8
assert float(abs(data.end.sel(profile="calm") - expected).max()) < 1e-12
assert float(abs(data.end.sel(profile="pushed") - expected - 12).max()) < 1e-12
assert int(data.failed.sum()) == 0
assert int(data.reached.isnull().sum()) > 0  # first that is never met is missing
