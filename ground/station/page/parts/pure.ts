/** A component that is drawn again only when a property of it changed. */
import { Component } from "preact";

export abstract class Pure<Properties extends object> extends Component<Properties> {
  override shouldComponentUpdate(next: Readonly<Properties>): boolean {
    const before = this.props as Readonly<Record<string, unknown>>;
    return Object.entries(next).some(([name, value]) => before[name] !== value);
  }
}
