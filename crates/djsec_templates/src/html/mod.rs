//! What a browser makes of a page while it is written out.
