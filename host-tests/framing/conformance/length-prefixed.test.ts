import { testConformance } from "../test-conformance.js";

testConformance("length-prefixed");
