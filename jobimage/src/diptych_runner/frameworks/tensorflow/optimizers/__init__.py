"""TensorFlow's optimizers through its rewrites: tf.train of 1.x, and tf.keras's own."""
