"""How often the rules are wrong, measured on synthetic laws: `make calibration`."""
