import { testConformance } from "../test-conformance.js";

testConformance("uslp");
