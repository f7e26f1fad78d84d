package dev.ringside.config.command;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/// SIGINT, SIGTERM, and SIGHUP, which a terminal sends that is closed. The first one asks to end in
/// order, a second SIGINT ends at once. What is ignored from the start, as nohup does it with
/// SIGHUP, stays ignored.
///
/// A shutdown hook would do for the first, but while hooks run the JVM ignores further signals. So
/// the signals are handled by `sun.misc.Signal`, which every JDK has in its module jdk.unsupported,
/// through reflection: the compiler warns about its name.
final class Interrupts {
  private static final int KILLED_BY_SIGINT = 130;

  private final CountDownLatch first;
  private final AtomicInteger count = new AtomicInteger();

  private Interrupts(CountDownLatch first) {
    this.first = first;
  }

  /// Counts `first` down at the first signal.
  static void handle(CountDownLatch first) {
    new Interrupts(first).install();
  }

  private void install() {
    try {
      var signal = Class.forName("sun.misc.Signal");
      var handler = Class.forName("sun.misc.SignalHandler");
      InvocationHandler arrived = (proxy, method, args) -> arrived(proxy, method.getName(), args);
      var proxy =
          Proxy.newProxyInstance(handler.getClassLoader(), new Class<?>[] {handler}, arrived);
      for (var name : new String[] {"INT", "TERM", "HUP"}) {
        var which = signal.getConstructor(String.class).newInstance(name);
        signal.getMethod("handle", signal, handler).invoke(null, which, proxy);
      }
    } catch (ReflectiveOperationException | RuntimeException e) {
      // A runtime without that module: the JVM's own handling ends us by its shutdown hooks.
      Runtime.getRuntime().addShutdownHook(new Thread(first::countDown));
    }
  }

  private Object arrived(Object proxy, String method, Object[] args) {
    return switch (method) {
      case "handle" -> {
        first.countDown();
        boolean isInt = args[0].toString().contains("INT");
        if (count.incrementAndGet() > 1 && isInt) Runtime.getRuntime().halt(KILLED_BY_SIGINT);
        yield null;
      }
      case "equals" -> proxy == args[0];
      case "hashCode" -> System.identityHashCode(proxy);
      default -> "Interrupts";
    };
  }
}
