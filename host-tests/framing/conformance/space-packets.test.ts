import { testConformance } from "../test-conformance.js";

testConformance("space-packets");
