"""Computing beside the page: background work, runs shared by several browsers, a cache of finished runs."""
