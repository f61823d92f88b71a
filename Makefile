# One door for people and CI. `make help` lists what is here.
