package dev.ringside.receivers;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// What an option means, for `ringside receivers`, error messages and the receiver's page.
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Option {
  /// One sentence without a full stop.
  String value();

  /// The least value of a number.
  long min() default Long.MIN_VALUE;

  /// The greatest value of a number.
  long max() default Long.MAX_VALUE;
}
