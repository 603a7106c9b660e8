"""FHIR R4's RESTful API as far as the door speaks it: what is asked, taken and answered.

Pure: requests and bodies in, decisions and answers out (http://hl7.org/fhir/R4/http.html).
"""
