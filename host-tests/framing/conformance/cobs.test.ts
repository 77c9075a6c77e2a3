import { testConformance } from "../test-conformance.js";

testConformance("cobs");
