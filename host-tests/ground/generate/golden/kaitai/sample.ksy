meta:
  id: sample
  title: "sample: PUS-C packets"
  endian: be
  ks-version: "0.10"
doc: "One packet of this board, telemetry or telecommand; hash of its dictionary on the wire 0x469ff4cd."
seq:
  - id: packet_version_number
    type: b3
    valid: 0
    doc: "a space packet"
  - id: packet_type
    type: b1
    doc: telemetry
  - id: secondary_header_flag
    type: b1
    valid: true
    doc: "there is a secondary header"
  - id: apid
    type: b11
    valid: 2
    doc: "application process: the board"
  - id: sequence_flags
    type: b2
    valid: 3
    doc: unsegmented
  - id: packet_sequence_count
    type: b14
    doc: "one more with each packet of its sender, modulo 16,384"
  - id: packet_data_length_field
    type: u2
    doc: "octets behind this field, less one"
  - id: body
    size: "packet_data_length_field - 1"
    type:
      switch-on: packet_type
      cases:
        "false": telemetry
        "true": telecommand
  - id: packet_error_control
    type: u2
    doc: "CRC-16 of all octets before: polynomial 0x1021, preset 0xffff, no reflection, no final inversion"
types:
  time_stamp:
    doc: "counted from 1958-01-01 00:00 UTC"
    seq:
      - id: p_field
        type: u1
        valid: 64
        doc: "CDS, epoch 1958-01-01, 16 bits of days"
      - id: day
        type: u2
        doc: "since 1958-01-01"
      - id: millisecond_of_day
        type: u4
        doc: "of this day"
    instances:
      unix:
        value: "(day - 4383) * 86400 + millisecond_of_day / 1000.0"
        doc: "seconds since 1970-01-01 UTC"
  bits_request_id:
    seq:
      - id: packet_version
        type: b3
        -orig-id: "packetVersion"
      - id: packet_type
        type: b1
        -orig-id: "packetType"
      - id: secondary_header_flag
        type: b1
        -orig-id: "secondaryHeaderFlag"
      - id: apid
        type: b11
      - id: sequence_flags
        type: b2
        -orig-id: "sequenceFlags"
      - id: sequence_count
        type: b14
        -orig-id: "sequenceCount"
  tm_request_verification_acceptance_success:
    seq:
      - id: request_id
        type: bits_request_id
        -orig-id: "requestId"
        doc: "the first four octets of the telecommand"
  tm_request_verification_acceptance_failure:
    seq:
      - id: request_id
        type: bits_request_id
        -orig-id: "requestId"
        doc: "the first four octets of the telecommand"
      - id: failure_code
        type: u2
        enum: words_failure_code
        -orig-id: "failureCode"
      - id: failure_data
        type: u4
        -orig-id: "failureData"
        doc: "what it is depends on the failure code"
  tm_request_verification_start_success:
    seq:
      - id: request_id
        type: bits_request_id
        -orig-id: "requestId"
        doc: "the first four octets of the telecommand"
  tm_request_verification_start_failure:
    seq:
      - id: request_id
        type: bits_request_id
        -orig-id: "requestId"
        doc: "the first four octets of the telecommand"
      - id: failure_code
        type: u2
        enum: words_failure_code
        -orig-id: "failureCode"
      - id: failure_data
        type: u4
        -orig-id: "failureData"
        doc: "what it is depends on the failure code"
  tm_request_verification_progress_success:
    seq:
      - id: request_id
        type: bits_request_id
        -orig-id: "requestId"
        doc: "the first four octets of the telecommand"
      - id: step_id
        type: u1
        -orig-id: "stepId"
  tm_request_verification_progress_failure:
    seq:
      - id: request_id
        type: bits_request_id
        -orig-id: "requestId"
        doc: "the first four octets of the telecommand"
      - id: step_id
        type: u1
        -orig-id: "stepId"
      - id: failure_code
        type: u2
        enum: words_failure_code
        -orig-id: "failureCode"
      - id: failure_data
        type: u4
        -orig-id: "failureData"
        doc: "what it is depends on the failure code"
  tm_request_verification_completion_success:
    seq:
      - id: request_id
        type: bits_request_id
        -orig-id: "requestId"
        doc: "the first four octets of the telecommand"
  tm_request_verification_completion_failure:
    seq:
      - id: request_id
        type: bits_request_id
        -orig-id: "requestId"
        doc: "the first four octets of the telecommand"
      - id: failure_code
        type: u2
        enum: words_failure_code
        -orig-id: "failureCode"
      - id: failure_data
        type: u4
        -orig-id: "failureData"
        doc: "what it is depends on the failure code"
  tm_request_verification_routing_failure:
    seq:
      - id: request_id
        type: bits_request_id
        -orig-id: "requestId"
        doc: "the first four octets of the telecommand"
      - id: failure_code
        type: u2
        enum: words_failure_code
        -orig-id: "failureCode"
      - id: failure_data
        type: u4
        -orig-id: "failureData"
        doc: "what it is depends on the failure code"
  tm_housekeeping_structure_report_item:
    seq:
      - id: parameter_id
        type: u2
        enum: words_parameter_id
        -orig-id: "parameterId"
  tm_housekeeping_structure_report:
    seq:
      - id: structure_id
        type: u1
        enum: words_structure_id
        -orig-id: "structureId"
      - id: periodic
        type: u1
        enum: words_periodic
      - id: collection_interval
        type: u4
        -orig-id: "collectionInterval"
        -unit: ms
      - id: item_count
        type: u1
        doc: "how many items follow"
      - id: items
        type: tm_housekeeping_structure_report_item
        repeat: expr
        repeat-expr: item_count
      - id: super_commutated_groups
        type: u1
        -orig-id: "superCommutatedGroups"
  tm_housekeeping_housekeeping_report_thermal:
    doc: heat
    seq:
      - id: celsius
        type: s2
        -unit: "degC"
        doc: inside
      - id: mode
        type: u1
        enum: words_mode
    instances:
      celsius_calibrated:
        value: "0.0 + celsius * (0.1)"
        doc: "celsius, in its unit"
  tm_housekeeping_housekeeping_report:
    seq:
      - id: structure_id
        type: u1
        enum: words_structure_id
        -orig-id: "structureId"
      - id: content
        size-eos: true
        type:
          switch-on: "structure_id.to_i"
          cases:
            16: tm_housekeeping_housekeeping_report_thermal
  tm_event_reporting_informative_event:
    seq:
      - id: event_id
        type: u2
        -orig-id: "eventId"
      - id: content
        size-eos: true
  tm_event_reporting_low_severity_event:
    seq:
      - id: event_id
        type: u2
        -orig-id: "eventId"
      - id: content
        size-eos: true
  tm_event_reporting_medium_severity_event_hot:
    doc: "too hot"
    seq:
      - id: celsius
        type: s2
        -unit: "degC"
  tm_event_reporting_medium_severity_event:
    seq:
      - id: event_id
        type: u2
        enum: words_event_id
        -orig-id: "eventId"
      - id: content
        size-eos: true
        type:
          switch-on: "event_id.to_i"
          cases:
            300: tm_event_reporting_medium_severity_event_hot
  tm_event_reporting_high_severity_event:
    seq:
      - id: event_id
        type: u2
        -orig-id: "eventId"
      - id: content
        size-eos: true
  tm_time_management_cds_time_report:
    seq:
      - id: rate_exponential_value
        type: u1
        -orig-id: "rateExponentialValue"
        doc: "a time report every 2^n seconds, n from 0 to 8; 255: none"
      - id: p_field
        type: u1
        -orig-id: "pField"
      - id: day
        type: u2
        doc: "since 1958-01-01"
      - id: millisecond_of_day
        type: u4
        -orig-id: "millisecondOfDay"
        -unit: ms
      - id: time_reference_status
        type: u1
        enum: words_time_reference_status
        -orig-id: "timeReferenceStatus"
  tm_test_are_you_alive_report: {}
  tm_test_on_board_connection_test_report:
    seq:
      - id: application_process_id
        type: u2
        -orig-id: "applicationProcessId"
  tm_parameter_management_parameter_report_item_celsius:
    doc: inside
    seq:
      - id: celsius
        type: s2
        -unit: "degC"
        doc: inside
    instances:
      celsius_calibrated:
        value: "0.0 + celsius * (0.1)"
        doc: "celsius, in its unit"
  tm_parameter_management_parameter_report_item_mode:
    seq:
      - id: mode
        type: u1
        enum: words_mode
  tm_parameter_management_parameter_report_item_axes:
    seq:
      - id: axes
        type: f4
        repeat: expr
        repeat-expr: 3
  tm_parameter_management_parameter_report_item_label:
    seq:
      - id: label
        size: 8
        type: strz
        encoding: "ASCII"
  bits_status:
    seq:
      - id: kind
        type: b3
        enum: words_kind
      - id: level
        type: b7
      - id: reserved
        type: b6
  tm_parameter_management_parameter_report_item_status:
    seq:
      - id: status
        type: bits_status
  tm_parameter_management_parameter_report_item_pressure:
    seq:
      - id: pressure
        type: u2
    instances:
      pressure_calibrated:
        value: "0.0 + (pressure - 0.0) * 0.07"
        doc: "pressure, in its unit"
  tm_parameter_management_parameter_report_item:
    seq:
      - id: parameter_id
        type: u2
        enum: words_parameter_id
        -orig-id: "parameterId"
      - id: content
        type:
          switch-on: "parameter_id.to_i"
          cases:
            1: tm_parameter_management_parameter_report_item_celsius
            2: tm_parameter_management_parameter_report_item_mode
            3: tm_parameter_management_parameter_report_item_axes
            4: tm_parameter_management_parameter_report_item_label
            5: tm_parameter_management_parameter_report_item_status
            6: tm_parameter_management_parameter_report_item_pressure
  tm_parameter_management_parameter_report:
    seq:
      - id: item_count
        type: u1
        doc: "how many items follow"
      - id: items
        type: tm_parameter_management_parameter_report_item
        repeat: expr
        repeat-expr: item_count
  tm_camera_picture_item:
    seq:
      - id: pixel
        type: u1
  tm_camera_picture:
    seq:
      - id: width
        type: u2
      - id: item_count
        type: u1
        doc: "how many items follow"
      - id: items
        type: tm_camera_picture_item
        repeat: expr
        repeat-expr: item_count
      - id: data
        size-eos: true
        doc: "what the dictionary does not describe"
  telemetry:
    seq:
      - id: pus_version
        type: b4
        valid: 2
        doc: "PUS-C"
      - id: time_reference_status
        type: b4
        doc: "0: the time counts from boot, the board's clock was not set; 1: it was"
      - id: service_type
        type: u1
        doc: "which service"
      - id: message_subtype
        type: u1
        doc: "which of its messages"
      - id: message_type_counter
        type: u2
        doc: "one more with each packet of this type and subtype"
      - id: destination_id
        type: u2
        doc: "for whom it is; a board writes 0: all its clients"
      - id: time
        type: time_stamp
      - id: data
        size-eos: true
        type:
          switch-on: "service_type * 256 + message_subtype"
          cases:
            257: tm_request_verification_acceptance_success
            258: tm_request_verification_acceptance_failure
            259: tm_request_verification_start_success
            260: tm_request_verification_start_failure
            261: tm_request_verification_progress_success
            262: tm_request_verification_progress_failure
            263: tm_request_verification_completion_success
            264: tm_request_verification_completion_failure
            266: tm_request_verification_routing_failure
            778: tm_housekeeping_structure_report
            793: tm_housekeeping_housekeeping_report
            1281: tm_event_reporting_informative_event
            1282: tm_event_reporting_low_severity_event
            1283: tm_event_reporting_medium_severity_event
            1284: tm_event_reporting_high_severity_event
            2307: tm_time_management_cds_time_report
            4354: tm_test_are_you_alive_report
            4356: tm_test_on_board_connection_test_report
            5122: tm_parameter_management_parameter_report
            51203: tm_camera_picture
  tc_housekeeping_create_structure_item:
    seq:
      - id: parameter_id
        type: u2
        enum: words_parameter_id
        -orig-id: "parameterId"
  tc_housekeeping_create_structure:
    doc: "Creates a structure, which is not sent periodically before it is enabled."
    seq:
      - id: structure_id
        type: u1
        -orig-id: "structureId"
      - id: collection_interval
        type: u4
        -orig-id: "collectionInterval"
        -unit: ms
      - id: item_count
        type: u1
        doc: "how many items follow"
      - id: items
        type: tc_housekeeping_create_structure_item
        repeat: expr
        repeat-expr: item_count
      - id: super_commutated_groups
        type: u1
        -orig-id: "superCommutatedGroups"
  tc_housekeeping_delete_structures_item:
    seq:
      - id: structure_id
        type: u1
        -orig-id: "structureId"
  tc_housekeeping_delete_structures:
    doc: "Deletes structures that the ground created and that are not enabled."
    seq:
      - id: item_count
        type: u1
        doc: "how many items follow"
      - id: items
        type: tc_housekeeping_delete_structures_item
        repeat: expr
        repeat-expr: item_count
  tc_housekeeping_enable_housekeeping_item:
    seq:
      - id: structure_id
        type: u1
        enum: words_structure_id
        -orig-id: "structureId"
  tc_housekeeping_enable_housekeeping:
    doc: "Sends structures periodically."
    seq:
      - id: item_count
        type: u1
        doc: "how many items follow"
      - id: items
        type: tc_housekeeping_enable_housekeeping_item
        repeat: expr
        repeat-expr: item_count
  tc_housekeeping_disable_housekeeping_item:
    seq:
      - id: structure_id
        type: u1
        enum: words_structure_id
        -orig-id: "structureId"
  tc_housekeeping_disable_housekeeping:
    doc: "Ends periodic reports."
    seq:
      - id: item_count
        type: u1
        doc: "how many items follow"
      - id: items
        type: tc_housekeeping_disable_housekeeping_item
        repeat: expr
        repeat-expr: item_count
  tc_housekeeping_report_structures_item:
    seq:
      - id: structure_id
        type: u1
        enum: words_structure_id
        -orig-id: "structureId"
  tc_housekeeping_report_structures:
    doc: "Reports what structures are made of."
    seq:
      - id: item_count
        type: u1
        doc: "how many items follow"
      - id: items
        type: tc_housekeeping_report_structures_item
        repeat: expr
        repeat-expr: item_count
  tc_housekeeping_one_shot_housekeeping_item:
    seq:
      - id: structure_id
        type: u1
        enum: words_structure_id
        -orig-id: "structureId"
  tc_housekeeping_one_shot_housekeeping:
    doc: "Sends structures once, now."
    seq:
      - id: item_count
        type: u1
        doc: "how many items follow"
      - id: items
        type: tc_housekeeping_one_shot_housekeeping_item
        repeat: expr
        repeat-expr: item_count
  tc_housekeeping_modify_collection_interval_item:
    seq:
      - id: structure_id
        type: u1
        enum: words_structure_id
        -orig-id: "structureId"
      - id: collection_interval
        type: u4
        -orig-id: "collectionInterval"
        -unit: ms
  tc_housekeeping_modify_collection_interval:
    doc: "Sets how often structures are sent."
    seq:
      - id: item_count
        type: u1
        doc: "how many items follow"
      - id: items
        type: tc_housekeeping_modify_collection_interval_item
        repeat: expr
        repeat-expr: item_count
  tc_event_reporting_enable_events_item:
    seq:
      - id: event_id
        type: u2
        enum: words_event_id
        -orig-id: "eventId"
  tc_event_reporting_enable_events:
    doc: "Reports these events from now on."
    seq:
      - id: item_count
        type: u1
        doc: "how many items follow"
      - id: items
        type: tc_event_reporting_enable_events_item
        repeat: expr
        repeat-expr: item_count
  tc_event_reporting_disable_events_item:
    seq:
      - id: event_id
        type: u2
        enum: words_event_id
        -orig-id: "eventId"
  tc_event_reporting_disable_events:
    doc: "Silences these events."
    seq:
      - id: item_count
        type: u1
        doc: "how many items follow"
      - id: items
        type: tc_event_reporting_disable_events_item
        repeat: expr
        repeat-expr: item_count
  tc_function_management_perform_function_heat:
    doc: heats
    seq:
      - id: "on"
        type: u1
      - id: watts
        type: u1
  tc_function_management_perform_function:
    seq:
      - id: function_id
        type: u1
        enum: words_function_id
        -orig-id: "functionId"
      - id: content
        size-eos: true
        type:
          switch-on: "function_id.to_i"
          cases:
            16: tc_function_management_perform_function_heat
  tc_time_management_set_time_report_rate:
    doc: "Sets how often the board's time is reported."
    seq:
      - id: rate_exponential_value
        type: u1
        -orig-id: "rateExponentialValue"
        doc: "a time report every 2^n seconds, n from 0 to 8; 255: none"
  tc_time_management_set_time:
    doc: "Sets the board's time."
    seq:
      - id: p_field
        type: u1
        -orig-id: "pField"
      - id: day
        type: u2
        doc: "since 1958-01-01"
      - id: millisecond_of_day
        type: u4
        -orig-id: "millisecondOfDay"
        -unit: ms
  tc_test_are_you_alive:
    doc: "Asks the board for a sign of life."
  tc_test_on_board_connection_test:
    doc: "Asks for a sign of life of an application process."
    seq:
      - id: application_process_id
        type: u2
        -orig-id: "applicationProcessId"
  tc_parameter_management_report_parameters_item:
    seq:
      - id: parameter_id
        type: u2
        enum: words_parameter_id
        -orig-id: "parameterId"
  tc_parameter_management_report_parameters:
    doc: "Reports the values of parameters."
    seq:
      - id: item_count
        type: u1
        doc: "how many items follow"
      - id: items
        type: tc_parameter_management_report_parameters_item
        repeat: expr
        repeat-expr: item_count
  tc_parameter_management_set_parameters_item_celsius:
    doc: inside
    seq:
      - id: celsius
        type: s2
        -unit: "degC"
        doc: inside
    instances:
      celsius_calibrated:
        value: "0.0 + celsius * (0.1)"
        doc: "celsius, in its unit"
  tc_parameter_management_set_parameters_item:
    seq:
      - id: parameter_id
        type: u2
        enum: words_parameter_id_no2
        -orig-id: "parameterId"
      - id: content
        type:
          switch-on: "parameter_id.to_i"
          cases:
            1: tc_parameter_management_set_parameters_item_celsius
  tc_parameter_management_set_parameters:
    doc: "Sets parameters."
    seq:
      - id: item_count
        type: u1
        doc: "how many items follow"
      - id: items
        type: tc_parameter_management_set_parameters_item
        repeat: expr
        repeat-expr: item_count
  tc_camera_shoot:
    seq:
      - id: exposure
        type: u2
        -unit: ms
  tc_camera_configure_gain:
    seq:
      - id: gain
        type: s1
  tc_camera_configure_name:
    seq:
      - id: data
        size-eos: true
        doc: "what the dictionary does not describe"
  tc_camera_configure:
    seq:
      - id: what
        type: u1
      - id: content
        size-eos: true
        type:
          switch-on: what
          cases:
            1: tc_camera_configure_gain
            2: tc_camera_configure_name
  telecommand:
    seq:
      - id: pus_version
        type: b4
        valid: 2
        doc: "PUS-C"
      - id: acknowledgement_flags
        type: b4
        doc: "success reports that are asked for: 8 acceptance, 4 start, 2 progress, 1 completion"
      - id: service_type
        type: u1
        doc: "which service"
      - id: message_subtype
        type: u1
        doc: "which of its messages"
      - id: source_id
        type: u2
        doc: "who sends it, as the ground numbers its sources"
      - id: data
        size-eos: true
        type:
          switch-on: "service_type * 256 + message_subtype"
          cases:
            769: tc_housekeeping_create_structure
            771: tc_housekeeping_delete_structures
            773: tc_housekeeping_enable_housekeeping
            774: tc_housekeeping_disable_housekeeping
            777: tc_housekeeping_report_structures
            795: tc_housekeeping_one_shot_housekeeping
            799: tc_housekeeping_modify_collection_interval
            1285: tc_event_reporting_enable_events
            1286: tc_event_reporting_disable_events
            2049: tc_function_management_perform_function
            2305: tc_time_management_set_time_report_rate
            2432: tc_time_management_set_time
            4353: tc_test_are_you_alive
            4355: tc_test_on_board_connection_test
            5121: tc_parameter_management_report_parameters
            5123: tc_parameter_management_set_parameters
            51201: tc_camera_shoot
            51202: tc_camera_configure
enums:
  words_failure_code:
    300:
      id: too_hot
      -orig-id: "tooHot"
  words_structure_id:
    16: thermal
  words_periodic:
    0: disabled
    1: enabled
  words_parameter_id:
    1: celsius
    2: mode
    3: axes
    4: label
    5: status
    6: pressure
  words_mode:
    0: "off"
    1: "on"
  words_event_id:
    300: hot
  words_time_reference_status:
    0:
      id: none_value
      -orig-id: none
    1:
      id: synchronized_value
      -orig-id: synchronized
  words_kind:
    1: a
  words_function_id:
    16: heat
  words_parameter_id_no2:
    1: celsius
