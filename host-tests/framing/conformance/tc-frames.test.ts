import { testConformance } from "../test-conformance.js";

testConformance("tc-frames");
