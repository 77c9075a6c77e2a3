Gem::Specification.new do |s|
  s.name = 'openc3-cosmos-thermometer'
  s.summary = 'Commands and telemetry of thermometer, for OpenC3 COSMOS'
  s.description = 'One of everything that people see'
  s.authors = ['flatlink']
  s.homepage = 'https://openc3.com'
  s.license = 'Nonstandard'
  s.platform = Gem::Platform::RUBY
  s.required_ruby_version = '>= 3.0'
  s.version = ENV['VERSION'] || '1.0.0'
  s.metadata = { 'flatlink_wire_hash' => 'da547652' }
  s.files = Dir.glob('targets/**/*').select { |path| File.file?(path) } + %w(Rakefile README.md plugin.txt)
end
