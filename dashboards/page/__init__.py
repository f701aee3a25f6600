"""A class in one file: session room, lessons and evidence as one HTML page that needs no server and no network.

`lessons`, `evidence` and `room` say what the page shows, `setting` reads a teacher's own start, `bundling` puts the
scripts together, `document` writes the page, and `packages` a zip for learning platforms and a folder. The page's
own scripts are in ``scripts``; marks of charts, tables and styles are those of the dashboard (``dashboards/assets``).
"""
