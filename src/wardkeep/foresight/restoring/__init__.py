"""In which order lost servers are restored, so that patients wait least for what care needs.

P | prec | sum w_s C_s with C_s the end of the last server that service s needs: NP-hard on one
crew already, so found by a greedy order and a local search, and shown beside a bound that no
order can beat. Plain Python: a plan is wanted where nothing could be installed.
"""
